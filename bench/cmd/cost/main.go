package main
import "os"
func main(){ for i,s:=range shapes{ f,_:=os.Create([]string{"/tmp/rc-many.txt","/tmp/rc-one.txt"}[i]); if err:=writeFile(f,s,1);err!=nil{panic(err)}; f.Close()}}
