mod ;
